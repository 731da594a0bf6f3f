package org.twinkeep.portal.web;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.emergency.EmergencyEntrance;
import org.twinkeep.portal.endings.Endings;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.web.consents.CustodiansStop;
import org.twinkeep.portal.web.entrance.DemoGuide;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.reading.Views;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.Erasure;

/** The pages over a {@link Stage}. It is no component: a scan of the pages beside a real house must not find it. */
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@ComponentScan("org.twinkeep.portal.web")
class StageWiring {
    @Bean
    Stage stage() throws IOException {
        return new Stage(Files.createTempDirectory("stage"));
    }

    @Bean
    DemoGuide demo() {
        return new DemoGuide(
                List.of(new DemoGuide.DemoPerson(
                        "Ada Quill", "patient", "ada", Stage.PASSWORD, "55 years, a short history")),
                List.of("Sign in as Ada and share her laboratory values with Dr Rowan Oak."));
    }

    @Bean
    Clock clock(Stage stage) {
        return stage.clock;
    }

    @Bean(destroyMethod = "")
    Accounts accounts(Stage stage) {
        return stage.accounts;
    }

    @Bean(destroyMethod = "")
    Delegates delegates(Stage stage) {
        return stage.delegates;
    }

    @Bean
    DelegateDesk delegateDesk(Stage stage) {
        return stage.desk;
    }

    @Bean(destroyMethod = "")
    Requests requests(Stage stage) {
        return stage.requests;
    }

    @Bean(destroyMethod = "")
    Endings endings(Stage stage) {
        return stage.endings;
    }

    @Bean(destroyMethod = "")
    Notices notices(Stage stage) {
        return stage.notices;
    }

    @Bean
    Consents consents(Stage stage) {
        return stage.consents;
    }

    @Bean
    CustodiansStop custodiansStop(Stage stage) {
        return stage::stop;
    }

    @Bean(destroyMethod = "")
    Trail trail(Stage stage) {
        return stage.trail;
    }

    @Bean
    Door door(Stage stage) {
        return stage.door;
    }

    @Bean
    Twins twins(Stage stage) {
        return stage.twins();
    }

    @Bean
    TwinHistory history(Stage stage) {
        return stage.history();
    }

    @Bean
    Erasure erasure(Stage stage) {
        return stage.erasure();
    }

    @Bean
    BreakTheGlass glass(Stage stage) {
        return stage.glass;
    }

    @Bean
    EmergencyEntrance emergencyEntrance(Stage stage) {
        return stage.entrance;
    }

    @Bean
    Views views(Stage stage) {
        return stage.views();
    }

    @Bean
    FhirExport export(Stage stage) {
        return stage.export();
    }
}
