package org.twinkeep.portal.web.consents;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.twinkeep.consent.receipt.ConsentReceipt;
import org.twinkeep.consent.receipt.Custodian;
import org.twinkeep.portal.web.Asker;
import tools.jackson.databind.json.JsonMapper;

/** The receipt of one of the patient's own consents, to take along; also of one that has ended. */
@Controller
class ConsentReceiptController {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final MediaType JSON_LD = MediaType.valueOf("application/ld+json");

    private final Sharing sharing;
    private final Custodian custodian;
    private final Clock clock;

    ConsentReceiptController(
            Sharing sharing,
            @Value("${twinkeep.custodian.name}") String name,
            @Value("${twinkeep.custodian.address}") String address,
            @Value("${twinkeep.custodian.contact}") String contact,
            @Value("${twinkeep.custodian.jurisdiction}") String jurisdiction,
            @Value("${twinkeep.custodian.stored-in}") String storedIn,
            Clock clock) {
        this.sharing = sharing;
        this.custodian = new Custodian(name, address, contact, jurisdiction, storedIn);
        this.clock = clock;
    }

    /** What is nobody's handle, somebody else's and no handle at all are answered alike. */
    @GetMapping("/consents/{handle}/receipt")
    ResponseEntity<byte[]> receipt(Asker asker, @PathVariable String handle) {
        var recorded = sharing.recorded(asker.twin(), handle)
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        var endAt = ServletUriComponentsBuilder.fromCurrentContextPath()
                .path("/consents")
                .toUriString();
        var receipt =
                new ConsentReceipt(recorded, custodian, asker.account().person().name(), endAt, clock.instant());
        var text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(receipt.document()) + "\n";
        return ResponseEntity.ok()
                .contentType(JSON_LD)
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("consent-receipt-" + handle.substring(0, 12) + ".jsonld")
                                .build()
                                .toString())
                .body(text.getBytes(StandardCharsets.UTF_8));
    }
}
