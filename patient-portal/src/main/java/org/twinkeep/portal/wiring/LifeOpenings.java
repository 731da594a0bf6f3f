package org.twinkeep.portal.wiring;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Certificate;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.Openings;
import org.twinkeep.consent.Purpose;
import org.twinkeep.consent.ledger.ConsentLedger;
import org.twinkeep.consent.trail.Looker;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.crypto.access.Receipt;
import org.twinkeep.crypto.sealing.Body;
import org.twinkeep.crypto.sealing.OpenedBody;
import org.twinkeep.twin.Actor;
import org.twinkeep.twin.TwinCommand.KeepConsentOpening;
import org.twinkeep.twin.TwinEvent.ConsentOpeningKept;
import org.twinkeep.twin.TwinHistory;
import org.twinkeep.twin.TwinHistory.Opened;
import org.twinkeep.twin.Twins;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps the openings of consents in the stream of the twin's own life: twin and consent do not know each other, the wiring
 * knows both. Reading them writes one leaf a twin and run, which the patient sees.
 */
final class LifeOpenings implements Openings {
    private static final Looker READER = new Looker("system:consents", "Twinkeep", "This service", "system");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Twins twins;
    private final TwinHistory history;
    private final Trail trail;
    private final Supplier<ConsentLedger.Position> ledgerHead;
    private final Clock clock;
    private final Map<TwinId, Receipt> receipts = new ConcurrentHashMap<>();

    LifeOpenings(
            Twins twins, TwinHistory history, Trail trail, Supplier<ConsentLedger.Position> ledgerHead, Clock clock) {
        this.twins = twins;
        this.history = history;
        this.trail = trail;
        this.ledgerHead = ledgerHead;
        this.clock = clock;
    }

    @Override
    public void keep(TwinId twin, Opening opening) {
        var about = JSON.createObjectNode()
                .put("opening", 1)
                .put("salt", HexFormat.of().formatHex(opening.salt()));
        var certificate = opening.certificate();
        if (certificate != null) {
            about.put("signer", certificate.signer().value());
            about.put("certificate", HexFormat.of().formatHex(certificate.signature()));
        }
        twins.keep(new KeepConsentOpening(
                twin,
                opening.handle().value(),
                opening.step(),
                new Body(1, JSON.writeValueAsBytes(about), opening.consent()),
                clock.instant(),
                new Actor(Actor.Kind.SYSTEM, "consents")));
    }

    @Override
    public List<Opening> of(TwinId twin) {
        if (!history.exists(twin)) {
            return List.of();
        }
        var kept = new ArrayList<Opening>();
        history.replay(receipts.computeIfAbsent(twin, this::receipt), twin, KeyScope.Own.LIFE, each -> {
            if (each instanceof Opened(var _, ConsentOpeningKept event, OpenedBody.Present(var body))) {
                kept.add(opening(event, body));
            } else if (each instanceof Opened(var _, ConsentOpeningKept event, OpenedBody.Erased())) {
                kept.add(lost(event));
            }
        });
        return List.copyOf(kept);
    }

    /** Whose openings were read. */
    Set<TwinId> inMemory() {
        return Set.copyOf(receipts.keySet());
    }

    void forget(TwinId twin) {
        receipts.remove(twin);
    }

    private Receipt receipt(TwinId twin) {
        return trail.permitted(
                twin,
                READER,
                Purpose.OPERATIONS.code(),
                "to know who may look",
                List.of(),
                Set.of(KeyScope.Own.LIFE),
                ledgerHead.get());
    }

    /** Of a twin that lives nobody erases an opening: what it said may have been a denial, so it is known that it was there. */
    private static Opening lost(ConsentOpeningKept event) {
        return new Opening(new ConsentHandle(event.handle()), event.step(), new byte[0], new byte[0]);
    }

    private static Opening opening(ConsentOpeningKept event, Body body) {
        var about = JSON.readTree(new String(body.about(), StandardCharsets.UTF_8));
        return new Opening(
                new ConsentHandle(event.handle()),
                event.step(),
                hex(about, "salt"),
                body.content(),
                certificate(about));
    }

    private static @Nullable Certificate certificate(JsonNode about) {
        return about.has("signer")
                ? new Certificate(new ConsentHandle(about.path("signer").asString()), hex(about, "certificate"))
                : null;
    }

    private static byte[] hex(JsonNode about, String name) {
        return HexFormat.of().parseHex(about.path(name).asString());
    }
}
