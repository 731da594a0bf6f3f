package org.twinkeep.integrations.fhir;

import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.keys.TestKeys;

/** A trail that remembers what it was told, for tests of who writes to it and when. */
final class OpenTrail {
    static final ConsentLedger.Position NOWHERE = new ConsentLedger.Position(0, "00");
    static final Looker OPERATOR = new Looker("operator:tests", "Tests", "Twinkeep", "operator");

    final List<String> leaves = new ArrayList<>();
    private final TestKeys keys;

    OpenTrail(TestKeys keys) {
        this.keys = keys;
    }

    Trail trail() {
        return (Trail) Proxy.newProxyInstance(
                Trail.class.getClassLoader(),
                new Class<?>[] {Trail.class},
                (_, method, arguments) -> switch (method.getName()) {
                    case "permitted" -> {
                        leaves.add(
                                "permitted " + ((Looker) arguments[1]).id() + " " + arguments[2] + ": " + arguments[3]);
                        var scopes = ((Set<?>) arguments[5])
                                .stream().map(KeyScope.class::cast).collect(java.util.stream.Collectors.toSet());
                        yield keys.receipts.issue(
                                (TwinId) arguments[0], scopes, leaves.size(), "ab".repeat(32), Instant.EPOCH);
                    }
                    case "disclosed" -> {
                        leaves.add("disclosed " + arguments[3]);
                        yield "ab".repeat(32);
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
