package org.twinkeep.crypto.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.twinkeep.crypto.Chapter;
import org.twinkeep.crypto.KeyScope;
import org.twinkeep.crypto.TwinId;

class ReceiptAuthorityTest {

    private static final TwinId ANNA = new TwinId(new UUID(1, 1));
    private static final TwinId BERT = new TwinId(new UUID(1, 2));
    private static final Set<KeyScope> SCOPES = Set.of(Chapter.LABS, Chapter.VITALS, KeyScope.Own.LIFE);
    private static final Instant AT = Instant.parse("2026-11-21T08:00:00.123456789Z");

    private final ReceiptAuthority authority = new ReceiptAuthority();
    private final Receipt receipt = authority.issue(ANNA, SCOPES, 7, "ab".repeat(32), AT);

    @Test
    void a_receipt_is_good_for_its_twin_and_each_of_its_scopes() {
        for (var scope : SCOPES) {
            assertThatCode(() -> authority.check(receipt, ANNA, scope)).doesNotThrowAnyException();
        }
    }

    @Test
    void another_twin_another_chapter_and_another_process_are_refused() {
        assertThatThrownBy(() -> authority.check(receipt, BERT, Chapter.LABS)).isInstanceOf(ReceiptRefused.class);
        assertThatThrownBy(() -> authority.check(receipt, ANNA, Chapter.GENOMICS))
                .isInstanceOf(ReceiptRefused.class);
        assertThatThrownBy(() -> new ReceiptAuthority().check(receipt, ANNA, Chapter.LABS))
                .isInstanceOf(ReceiptRefused.class);
    }

    @Test
    void no_part_of_a_receipt_can_be_exchanged() {
        var mark = receipt.mark();
        var flipped = receipt.mark();
        flipped[31] ^= 1;
        for (var forged : List.of(
                new Receipt(BERT, SCOPES, 7, "ab".repeat(32), AT, mark),
                new Receipt(ANNA, Set.of(Chapter.LABS), 7, "ab".repeat(32), AT, mark),
                new Receipt(
                        ANNA, Set.of(Chapter.LABS, Chapter.GENOMICS, KeyScope.Own.LIFE), 7, "ab".repeat(32), AT, mark),
                new Receipt(ANNA, SCOPES, 8, "ab".repeat(32), AT, mark),
                new Receipt(ANNA, SCOPES, 7, "ac".repeat(32), AT, mark),
                new Receipt(ANNA, SCOPES, 7, "ab".repeat(32), AT.plusNanos(1), mark),
                new Receipt(ANNA, SCOPES, 7, "ab".repeat(32), AT, flipped),
                new Receipt(ANNA, SCOPES, 7, "ab".repeat(32), AT, new byte[0]))) {
            assertThatThrownBy(() -> authority.check(forged, forged.twin(), Chapter.LABS))
                    .isInstanceOf(ReceiptRefused.class);
        }
    }

    @Test
    void a_receipt_says_where_its_leaf_stands_and_not_whose_it_is() {
        assertThat(receipt.leafIndex()).isEqualTo(7);
        assertThat(receipt.leafHash()).isEqualTo("ab".repeat(32));
        assertThat(receipt.at()).isEqualTo(AT);
        assertThat(receipt).hasToString("Receipt 7");
    }

    @Test
    void a_receipt_without_scopes_opens_nothing() {
        var empty = authority.issue(ANNA, Set.of(), 7, "ab".repeat(32), AT);
        assertThatThrownBy(() -> authority.check(empty, ANNA, Chapter.LABS)).isInstanceOf(ReceiptRefused.class);
    }
}
