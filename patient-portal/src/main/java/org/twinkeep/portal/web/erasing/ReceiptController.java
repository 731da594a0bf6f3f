package org.twinkeep.portal.web.erasing;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.twinkeep.portal.web.Asker;
import org.twinkeep.twin.erasure.Erasure;
import org.twinkeep.twin.erasure.ErasureReceipt;
import tools.jackson.databind.json.JsonMapper;

/** The receipts of deletions. They hold no personal data. */
@Controller
class ReceiptController {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Erasure erasure;

    ReceiptController(Erasure erasure) {
        this.erasure = erasure;
    }

    @GetMapping("/receipts/{id}")
    String receipt(@PathVariable String id, Model model) {
        return page(find(id), "/receipts/" + id + "/file", model);
    }

    @GetMapping("/receipts/{id}/file")
    ResponseEntity<byte[]> file(@PathVariable String id) {
        return file(find(id));
    }

    /** All that is left for somebody whose twin is deleted. */
    @GetMapping("/receipt")
    String last(Asker asker, Model model) {
        return page(find(asker.account().receipt()), "/receipt/file", model);
    }

    @GetMapping("/receipt/file")
    ResponseEntity<byte[]> lastFile(Asker asker) {
        return file(find(asker.account().receipt()));
    }

    private Optional<ErasureReceipt> find(@Nullable String id) {
        return erasure.receipts().stream()
                .filter(receipt -> receipt.id().equals(id))
                .findFirst();
    }

    private static String page(Optional<ErasureReceipt> receipt, String file, Model model) {
        model.addAttribute("receipt", receipt.orElse(null)).addAttribute("file", file);
        return "erasing/receipt";
    }

    /** The signed document, as it was signed, and the signature beside it. */
    private static ResponseEntity<byte[]> file(Optional<ErasureReceipt> receipt) {
        if (receipt.isEmpty()) {
            return ResponseEntity.notFound().build();
        }
        var name = ContentDisposition.attachment()
                .filename("erasure-receipt-" + receipt.get().id() + ".json")
                .build();
        var file = JSON.createObjectNode()
                .put("document", receipt.get().document())
                .put("signature", receipt.get().signature());
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CONTENT_DISPOSITION, name.toString())
                .body((file.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
