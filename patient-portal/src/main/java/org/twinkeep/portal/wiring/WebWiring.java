package org.twinkeep.portal.wiring;

import jakarta.servlet.Filter;
import java.time.Clock;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.session.web.http.CookieHttpSessionIdResolver;
import org.springframework.session.web.http.DefaultCookieSerializer;
import org.springframework.session.web.http.SessionRepositoryFilter;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.emergency.BreakTheGlass;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.keys.Vault;
import org.twinkeep.integrations.fhir.FhirExport;
import org.twinkeep.integrations.fhir.FhirImport;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.delegates.DelegateDesk;
import org.twinkeep.portal.delegates.Delegates;
import org.twinkeep.portal.emergency.EmergencyEntrance;
import org.twinkeep.portal.endings.Endings;
import org.twinkeep.portal.notices.Notices;
import org.twinkeep.portal.requests.Requests;
import org.twinkeep.portal.web.authzen.AuthZenDoor;
import org.twinkeep.portal.web.consents.CustodiansStop;
import org.twinkeep.projections.reading.Door;
import org.twinkeep.projections.reading.Views;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.Twins;
import org.twinkeep.twin.erasure.Erasure;

/** Hands the rooms of an open {@link House} to the web pages. The house itself comes from the command that serves. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@ComponentScan("org.twinkeep.portal.web")
public class WebWiring {

    @Bean
    Clock clock(House house) {
        return house.clock();
    }

    /** Before every other filter: what they see of a session is then the house's, where several servers share it. */
    @Bean
    FilterRegistrationBean<Filter> sharedSessions(
            House house,
            @Value("${server.servlet.session.timeout}") Duration inactive,
            @Value("${server.servlet.session.cookie.name}") String cookieName) {
        var filter = house.sessions(inactive).<Filter>map(sessions -> {
            var cookie = new DefaultCookieSerializer();
            cookie.setCookieName(cookieName);
            cookie.setUseBase64Encoding(false);
            cookie.setUseHttpOnlyCookie(true);
            cookie.setSameSite("Lax");
            var resolver = new CookieHttpSessionIdResolver();
            resolver.setCookieSerializer(cookie);
            var repository = new SessionRepositoryFilter<>(sessions);
            repository.setHttpSessionIdResolver(resolver);
            return repository;
        });
        var registration = new FilterRegistrationBean<>(
                filter.orElse((request, response, rest) -> rest.doFilter(request, response)));
        registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER);
        registration.setEnabled(filter.isPresent());
        registration.setAsyncSupported(true);
        return registration;
    }

    @Bean(destroyMethod = "")
    Vault vault(House house) {
        return house.vault();
    }

    @Bean
    Twins twins(House house) {
        return house.twins();
    }

    @Bean
    TwinHistory history(House house) {
        return house.history();
    }

    @Bean(destroyMethod = "")
    Trail trail(House house) {
        return house.trail();
    }

    @Bean
    Consents consents(House house) {
        return house.consents();
    }

    @Bean
    CustodiansStop custodiansStop(House house) {
        return house::stop;
    }

    @Bean
    BreakTheGlass glass(House house) {
        return house.glass();
    }

    @Bean
    EmergencyEntrance emergencyEntrance(House house) {
        return house.emergencyEntrance();
    }

    @Bean
    Views views(House house) {
        return house.views();
    }

    @Bean
    Door door(House house) {
        return house.door();
    }

    @Bean
    @ConditionalOnProperty("twinkeep.authzen")
    AuthZenDoor authZen(House house, @Value("${twinkeep.authzen}") String address) {
        return new AuthZenDoor(address, house.vault().houseKey("authzen"), house.judge(), house.accounts());
    }

    @Bean
    Erasure erasure(House house) {
        return house.erasure();
    }

    @Bean
    FhirImport fhirImport(House house) {
        return house.fhirImport();
    }

    @Bean
    FhirExport fhirExport(House house) {
        return house.fhirExport();
    }

    @Bean(destroyMethod = "")
    Delegates delegates(House house) {
        return house.delegates();
    }

    @Bean
    DelegateDesk delegateDesk(House house) {
        return house.delegateDesk();
    }

    @Bean(destroyMethod = "")
    Endings endings(House house) {
        return house.endings();
    }

    @Bean(destroyMethod = "")
    Requests requests(House house) {
        return house.requests();
    }

    @Bean(destroyMethod = "")
    Notices notices(House house) {
        return house.notices();
    }

    @Bean(destroyMethod = "")
    Accounts accounts(House house) {
        return house.accounts();
    }
}
