package org.twinkeep.projections.reading;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.twinkeep.consent.Consent;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.consent.ConsentPolicy;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.TwinId;
import org.twinkeep.projections.timeline.EntryPage;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

/** A record, and every word that others read of it under a grant: in its rows and on its pages, attachments decoded. */
final class ReadByOthers {
    private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    final Whole whole;
    private final TwinId twin;
    private final Map<EntryId, String> pages = new HashMap<>();

    ReadByOthers(Hospital hospital, List<JsonNode> resources) {
        twin = hospital.aTwin();
        hospital.record(twin, resources);
        var receipt = hospital.store.keys.receipt(twin);
        whole = Built.of(hospital.store.history, receipt, twin, Clock.systemUTC());
        var made = new Pages(hospital.store.history);
        whole.entries()
                .forEach(kept -> pages.put(
                        kept.row().entry(),
                        words(made.forOthers(receipt, twin, kept).orElseThrow())));
    }

    /** What a grant of these chapters shows. */
    List<Kept> under(Set<Chapter> chapters) {
        var terms = Hospital.terms(chapters, null, true);
        var grant = new Consent(
                new ConsentHandle("a".repeat(64)), twin, 1, terms, Consent.Status.ACTIVE, Instant.now(), null);
        return Coverage.of(whole, ConsentPolicy.ruling(grant)).entries();
    }

    /** As {@link #normal} words. */
    String text(Kept kept) {
        var row = kept.row();
        return normal(row.title() + "\n" + row.value() + "\n" + row.terms() + "\n" + row.remarks() + row.source()
                + row.kind() + "\n" + pages.get(row.entry()));
    }

    private static String words(EntryPage page) {
        var text = page.text() == null ? "" : page.text();
        return page.facts() + "\n" + text + "\n" + page.json() + "\n" + page.history() + page.statements();
    }

    /** Words in small letters with one space around each. */
    static String normal(String text) {
        return ' ' + NOT_A_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ") + ' ';
    }
}
