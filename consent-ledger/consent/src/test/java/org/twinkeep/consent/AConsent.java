package org.twinkeep.consent;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.twinkeep.consent.Consent.Status;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;

/** A consent for tests: live, for treatment, everything but safety, without a period, to Dr Ada. Say what differs. */
public final class AConsent {

    public static final TwinId TWIN = new TwinId(new UUID(7, 7));
    public static final String GRANTEE = "practitioner-ada";
    public static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    public static final Instant GRANTED_AT = Instant.parse("2026-03-01T10:00:00Z");

    private ConsentHandle handle = new ConsentHandle("ab".repeat(32));
    private TwinId twin = TWIN;
    private String granteeId = GRANTEE;
    private Purpose purpose = Purpose.TREATMENT;
    private Set<Chapter> chapters = EnumSet.complementOf(EnumSet.of(Chapter.SAFETY));
    private @Nullable LocalDate dataFrom;
    private @Nullable LocalDate dataTo;
    private boolean hasDataPeriod;
    private boolean includesLater = true;
    private @Nullable LocalDate from;
    private @Nullable LocalDate to;
    private ZoneId zone = ZONE;
    private Status status = Status.ACTIVE;
    private Instant grantedAt = GRANTED_AT;
    private @Nullable Instant endedAt;

    public static AConsent aConsent() {
        return new AConsent();
    }

    public AConsent handle(String twoDigits) {
        handle = new ConsentHandle(twoDigits.repeat(32));
        return this;
    }

    public AConsent ofTwin(TwinId ofTwin) {
        twin = ofTwin;
        return this;
    }

    public AConsent to(String grantee) {
        granteeId = grantee;
        return this;
    }

    public AConsent forPurpose(Purpose forPurpose) {
        purpose = forPurpose;
        return this;
    }

    public AConsent chapters(Chapter first, Chapter... more) {
        chapters = EnumSet.of(first, more);
        return this;
    }

    /** Dates as {@code 2026-05-31}; null for an open end. */
    public AConsent dataBetween(@Nullable String first, @Nullable String last) {
        hasDataPeriod = true;
        dataFrom = day(first);
        dataTo = day(last);
        return this;
    }

    public AConsent withoutLaterEntries() {
        includesLater = false;
        return this;
    }

    public AConsent from(String day) {
        from = day(day);
        return this;
    }

    public AConsent until(String day) {
        to = day(day);
        return this;
    }

    public AConsent in(String zoneId) {
        zone = ZoneId.of(zoneId);
        return this;
    }

    public AConsent grantedAt(String instant) {
        grantedAt = Instant.parse(instant);
        return this;
    }

    public AConsent revokedAt(String instant) {
        status = Status.REVOKED;
        endedAt = Instant.parse(instant);
        return this;
    }

    public AConsent status(Status as) {
        status = as;
        return this;
    }

    public Terms terms() {
        return new Terms(
                granteeId,
                "Dr Ada Example",
                "Example Clinic",
                purpose,
                chapters,
                hasDataPeriod ? new Period(dataFrom, dataTo, zone) : null,
                includesLater,
                new Period(from, to, zone));
    }

    public Consent build() {
        return new Consent(handle, twin, endedAt == null ? 1 : 2, terms(), status, grantedAt, endedAt);
    }

    private static @Nullable LocalDate day(@Nullable String day) {
        return day == null ? null : LocalDate.parse(day);
    }
}
