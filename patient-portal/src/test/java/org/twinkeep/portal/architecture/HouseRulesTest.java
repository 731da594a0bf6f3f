package org.twinkeep.portal.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.twinkeep.consent.ConsentThatKnowsSpring;
import org.twinkeep.consent.ConsentThatKnowsTwins;
import org.twinkeep.crypto.CryptoThatKnowsMore;
import org.twinkeep.crypto.CryptoThatKnowsSql;
import org.twinkeep.integrations.IntegrationsThatKnowThePortal;
import org.twinkeep.projections.ProjectionsThatKnowAxon;
import org.twinkeep.projections.ProjectionsThatKnowHapi;
import org.twinkeep.projections.ProjectionsThatKnowIntegrations;
import org.twinkeep.projections.ViewsThatIssuePapers;
import org.twinkeep.projections.ViewsThatIssueReceipts;
import org.twinkeep.twin.TwinThatKnowsAxon;
import org.twinkeep.twin.TwinThatKnowsConsent;
import org.twinkeep.twin.TwinThatKnowsFabric;
import org.twinkeep.twin.TwinThatKnowsKurrent;
import org.twinkeep.twin.TwinThatKnowsPostgres;
import org.twinkeep.twin.TwinThatPrints;
import org.twinkeep.unmarked.UnmarkedPackage;

class HouseRulesTest {
    private static final Map<String, Class<?>> WRONG = Map.ofEntries(
            Map.entry("crypto stands on the JDK and Bouncy Castle alone", CryptoThatKnowsMore.class),
            Map.entry("twin knows nothing above or beside it", TwinThatKnowsConsent.class),
            Map.entry("consent knows nothing above or beside it", ConsentThatKnowsTwins.class),
            Map.entry("projections know nothing above them", ProjectionsThatKnowIntegrations.class),
            Map.entry("integrations know nothing above them", IntegrationsThatKnowThePortal.class),
            Map.entry("the root of crypto knows no framework", CryptoThatKnowsSql.class),
            Map.entry("the root of twin knows no framework", TwinThatKnowsAxon.class),
            Map.entry("the root of consent knows no framework", ConsentThatKnowsSpring.class),
            Map.entry("only the portal knows Spring", ConsentThatKnowsSpring.class),
            Map.entry("only the twin's skins know Axon", ProjectionsThatKnowAxon.class),
            Map.entry("only the KurrentDB skin knows its client", TwinThatKnowsKurrent.class),
            Map.entry("only the Fabric skins know its client", TwinThatKnowsFabric.class),
            Map.entry("only skins of far stores know their wire", TwinThatKnowsFabric.class),
            Map.entry("only integrations know HAPI", ProjectionsThatKnowHapi.class),
            Map.entry("nobody prints but the command line", TwinThatPrints.class),
            Map.entry("only the trail issues receipts", ViewsThatIssueReceipts.class),
            Map.entry("only the PostgreSQL skin knows its driver", TwinThatKnowsPostgres.class),
            Map.entry(
                    "only the wire between servers has a receipt issued for a leaf of another's trail",
                    ViewsThatIssuePapers.class),
            Map.entry("every package is null-marked", UnmarkedPackage.class));

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("org.twinkeep");

    static Stream<Map.Entry<String, ArchRule>> rules() {
        return HouseRules.all().entrySet().stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_house_keeps_the_rule(Map.Entry<String, ArchRule> rule) {
        rule.getValue().check(MAIN);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rules")
    void the_rule_sees_a_class_that_breaks_it(Map.Entry<String, ArchRule> rule) {
        var wrong = WRONG.get(rule.getKey());
        assertThat(wrong).as("a class that breaks: " + rule.getKey()).isNotNull();
        assertThatThrownBy(() -> rule.getValue().check(new ClassFileImporter().importClasses(wrong)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(wrong.getSimpleName());
    }

    @Test
    void every_room_is_looked_at() {
        assertThat(MAIN.stream().map(type -> type.getPackageName().split("\\.", 4)[2]))
                .contains("crypto", "twin", "consent", "projections", "integrations", "portal");
    }
}
