package org.twinkeep.projections.reading;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.projections.clinic.LabelRules;
import org.twinkeep.projections.clinic.Touches;
import org.twinkeep.projections.clinic.Tree;
import org.twinkeep.projections.timeline.Entry;
import org.twinkeep.projections.timeline.Persons;
import org.twinkeep.twin.EntryId;
import tools.jackson.databind.JsonNode;

/** Whatever a source wrote has a row, labels and what it touches, or is no resource. The seeds are run by every build. */
class AnyResourceFuzzTest {

    private static final EntryId ENTRY = new EntryId("0".repeat(32));
    private static final Instant NOW = Instant.parse("2026-11-21T08:00:00Z");

    @FuzzTest(maxDuration = "10m")
    void a_resource_has_a_row_and_labels_and_says_what_it_touches(byte[] json) {
        JsonNode resource;
        try {
            resource = Tree.of(json);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessage("not a JSON object").hasNoCause();
            return;
        }
        var gathering = new Touches.Gathering();
        gathering.add(ENTRY, Chapter.CONDITIONS, "source", "urn:uuid:0", resource);
        var touches = gathering.done();
        var said = touches.of(ENTRY, Chapter.CONDITIONS, "source", resource);
        assertThat(said.chapters()).doesNotContain(Chapter.CONDITIONS);
        var known = new Entry.Known(
                ENTRY,
                Chapter.CONDITIONS,
                said.chapters(),
                NOW,
                "source",
                touches.visitOf("source", resource).orElse(null),
                1,
                resource,
                NOW);
        var row = Entry.row(resource, known);
        assertThat(row.title()).isNotBlank();
        assertThat(Entry.facts(resource)).isNotNull();
        assertThat(Entry.text(resource)).isNotNull();
        assertThat(Entry.likeness(resource, row)).isNotNull();
        assertThat(Persons.profile(resource)).isNotNull();
        // The text of a tree and not the tree: 95e0 is the number 95, and is written so.
        var text = Tree.text(resource);
        assertThat(Tree.text(Tree.of(text.getBytes(StandardCharsets.UTF_8)))).isEqualTo(text);
    }

    @FuzzTest(maxDuration = "10m")
    void a_patients_own_words_touch_chapters_and_have_labels(byte[] bytes) {
        var words = new String(bytes, StandardCharsets.UTF_8);
        assertThat(LabelRules.ofWords(words).chapters()).isSubsetOf(Set.of(Chapter.values()));
        assertThat(new Touches.Gathering().done().ofWords(words, Chapter.LABS)).doesNotContain(Chapter.LABS);
    }
}
