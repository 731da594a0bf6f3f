package org.twinkeep.portal.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.twinkeep.consent.trail.ReceiptPaper;
import org.twinkeep.crypto.access.ReceiptAuthority;

/** The arrows of the design, and who may know which framework. Each rule has a class that breaks it, in {@link HouseRulesTest}. */
final class HouseRules {
    private static final String[] SPRING = {"org.springframework..", "jakarta.servlet..", "org.thymeleaf.."};
    private static final String[] FRAMEWORKS = {
        "org.springframework..",
        "org.axonframework..",
        "java.sql..",
        "javax.sql..",
        "org.sqlite..",
        "ca.uhn..",
        "org.hl7.."
    };

    private HouseRules() {}

    static Map<String, ArchRule> all() {
        var rules = new LinkedHashMap<String, ArchRule>();
        rules.put(
                "crypto stands on the JDK and Bouncy Castle alone",
                classes()
                        .that()
                        .resideInAPackage("org.twinkeep.crypto..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "org.twinkeep.crypto..",
                                "java..",
                                "javax.crypto..",
                                "javax.security.auth..",
                                "org.bouncycastle..",
                                "org.jspecify.annotations.."));
        rules.put(
                "twin knows nothing above or beside it",
                mayNotKnow("twin", "consent", "projections", "integrations", "portal", "infra"));
        rules.put(
                "consent knows nothing above or beside it",
                mayNotKnow("consent", "twin", "projections", "integrations", "portal", "infra"));
        rules.put("projections know nothing above them", mayNotKnow("projections", "integrations", "portal", "infra"));
        rules.put("integrations know nothing above them", mayNotKnow("integrations", "portal", "infra"));
        for (var room : new String[] {"crypto", "twin", "consent"}) {
            rules.put(
                    "the root of " + room + " knows no framework",
                    noClasses()
                            .that()
                            .resideInAPackage("org.twinkeep." + room)
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(FRAMEWORKS));
        }
        rules.put("only the portal knows Spring", onlyIn("org.twinkeep.portal..", SPRING));
        rules.put("only the twin's skins know Axon", onlyIn("org.twinkeep.twin.*..", "org.axonframework.."));
        rules.put(
                "only the KurrentDB skin knows its client",
                onlyIn("org.twinkeep.twin.kurrentdb..", "io.kurrent..", "io.kurrentdb.."));
        rules.put(
                "only the Fabric skins know its client",
                onlyIn("org.twinkeep.consent.[fabric|chaincode]..", "org.hyperledger.."));
        rules.put(
                "only skins of far stores know their wire",
                onlyIn("org.twinkeep.[twin.kurrentdb|consent.fabric]..", "io.grpc.."));
        rules.put(
                "only the PostgreSQL skin knows its driver",
                onlyIn("org.twinkeep.twin.postgresql..", "org.postgresql..", "com.zaxxer.."));
        rules.put("only integrations know HAPI", onlyIn("org.twinkeep.integrations..", "ca.uhn..", "org.hl7.."));
        rules.put(
                "nobody prints but the command line",
                noClasses()
                        .that(not(resideInAPackage("org.twinkeep.portal.cli")).and(not(simpleName("Twinkeep"))))
                        .should()
                        .accessField(System.class, "out")
                        .orShould()
                        .accessField(System.class, "err")
                        .orShould()
                        .dependOnClassesThat()
                        .resideInAPackage("java.util.logging.."));
        rules.put(
                "only the trail issues receipts",
                noClasses()
                        .that(not(resideInAPackage("org.twinkeep.consent.trail..")))
                        .should()
                        .callMethodWhere(target(name("issue")).and(target(owner(type(ReceiptAuthority.class))))));
        rules.put(
                "only the wire between servers has a receipt issued for a leaf of another's trail",
                noClasses()
                        .that(not(resideInAPackage("org.twinkeep.portal.keeper")))
                        .should()
                        .callMethodWhere(target(name("issuedBy")).and(target(owner(type(ReceiptPaper.class))))));
        rules.put("every package is null-marked", classes().that(alwaysTrue()).should(beInANullMarkedPackage()));
        return rules;
    }

    private static ArchRule mayNotKnow(String room, String... others) {
        var packages =
                Arrays.stream(others).map(o -> "org.twinkeep." + o + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("org.twinkeep." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages);
    }

    private static ArchRule onlyIn(String room, String... frameworks) {
        return noClasses()
                .that(not(resideInAPackage(room)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(frameworks));
    }

    private static ArchCondition<JavaClass> beInANullMarkedPackage() {
        return new ArchCondition<>("be in a package marked @NullMarked") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " is in a package without @NullMarked"));
                }
            }
        };
    }
}
