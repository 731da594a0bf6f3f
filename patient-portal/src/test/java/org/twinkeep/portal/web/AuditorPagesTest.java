package org.twinkeep.portal.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.twinkeep.consent.Purpose;
import org.twinkeep.crypto.Chapter;

@PageTest
class AuditorPagesTest {
    @Autowired
    Stage stage;

    @Autowired
    Visitors visitors;

    @BeforeEach
    void begin() {
        stage.begin();
    }

    @Test
    void an_auditor_reads_who_why_and_when_and_no_clinical_content_no_chapter_and_no_patients_name() throws Exception {
        stage.share(stage.ada, stage.oak, Chapter.LABS);
        visitors.named("ada").reads("/timeline");
        stage.door.care(stage.oak.account().looker(), Purpose.TREATMENT, Stage.ADA);
        stage.door.care(stage.elm.account().looker(), Purpose.TREATMENT, Stage.ADA);

        var page = visitors.named("rue").reads("/trail");

        assertThat(page).contains("Dr Rowan Oak", "Treatment", "denied", "no live consent", "/proof");
        assertThat(page).doesNotContain("Laboratory", "Haemoglobin", "Ada Quill", Stage.ADA.toString());
    }

    @Test
    void checkpoint_and_proof_are_files_and_the_page_says_how_to_verify_them() throws Exception {
        var rue = visitors.named("rue");
        visitors.named("ada").reads("/timeline");
        assertThat(rue.gets("/trail/checkpoint").getContentAsString()).startsWith("twinkeep/");
        var proof = rue.gets("/trail/0/proof");
        assertThat(proof.getHeader("Content-Disposition")).contains("leaf-0.tlog-proof");
        assertThat(proof.getContentAsString()).startsWith("c2sp.org/tlog-proof@v1");
        assertThat(rue.reads("/trail/how")).contains("RFC 6962", "Ed25519", "twinkeep verify");
    }

    @Test
    void an_operator_reads_numbers_and_what_the_ledger_is_and_nothing_of_anybody() throws Exception {
        assertThat(visitors.named("kit").reads("/status"))
                .contains("Leaves in the trail", "tamper-evident", "not decentralised")
                .doesNotContain("Ada Quill", "Haemoglobin", "Dr Rowan Oak");
    }
}
