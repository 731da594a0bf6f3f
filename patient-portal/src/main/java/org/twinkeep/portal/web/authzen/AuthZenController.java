package org.twinkeep.portal.web.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.twinkeep.portal.accounts.Clients.Client;
import org.twinkeep.portal.authzen.AuthZen;
import org.twinkeep.portal.authzen.BadQuestion;
import org.twinkeep.portal.authzen.DecisionPoint;
import org.twinkeep.portal.authzen.DecisionPoint.Sought;

/** The HTTPS JSON binding of AuthZEN 1.0. Whoever comes here was let in by {@link ClientsOnly}. */
@RestController
@ConditionalOnProperty("twinkeep.authzen")
class AuthZenController {
    private static final Logger LOG = LoggerFactory.getLogger(AuthZenController.class);
    private static final int LONGEST = 256 * 1024;

    private final AuthZenDoor door;

    AuthZenController(AuthZenDoor door) {
        this.door = door;
    }

    @GetMapping(path = ClientsOnly.WELL_KNOWN, produces = MediaType.APPLICATION_JSON_VALUE)
    Map<String, String> configuration() {
        var base = door.address();
        var known = new LinkedHashMap<String, String>();
        known.put("policy_decision_point", base);
        known.put("access_evaluation_endpoint", base + "/access/v1/evaluation");
        known.put("access_evaluations_endpoint", base + "/access/v1/evaluations");
        known.put("search_subject_endpoint", base + "/access/v1/search/subject");
        known.put("search_resource_endpoint", base + "/access/v1/search/resource");
        known.put("search_action_endpoint", base + "/access/v1/search/action");
        return known;
    }

    @PostMapping("/access/v1/evaluation")
    ResponseEntity<byte[]> evaluation(HttpServletRequest request) throws IOException {
        return answered(request, AuthZen::evaluation);
    }

    @PostMapping("/access/v1/evaluations")
    ResponseEntity<byte[]> evaluations(HttpServletRequest request) throws IOException {
        return answered(request, AuthZen::evaluations);
    }

    @PostMapping("/access/v1/search/subject")
    ResponseEntity<byte[]> subjects(HttpServletRequest request) throws IOException {
        return answered(request, (protocol, body, point) -> protocol.search(Sought.SUBJECT, body, point));
    }

    @PostMapping("/access/v1/search/resource")
    ResponseEntity<byte[]> resources(HttpServletRequest request) throws IOException {
        return answered(request, (protocol, body, point) -> protocol.search(Sought.RESOURCE, body, point));
    }

    @PostMapping("/access/v1/search/action")
    ResponseEntity<byte[]> actions(HttpServletRequest request) throws IOException {
        return answered(request, (protocol, body, point) -> protocol.search(Sought.ACTION, body, point));
    }

    @FunctionalInterface
    private interface Asking {
        byte[] of(AuthZen protocol, byte[] body, DecisionPoint point);
    }

    private ResponseEntity<byte[]> answered(HttpServletRequest request, Asking asking) throws IOException {
        if (!isJson(request)) {
            return said(HttpStatus.BAD_REQUEST, "the content type is not application/json");
        }
        var body = request.getInputStream().readNBytes(LONGEST + 1);
        if (body.length > LONGEST) {
            return said(HttpStatus.BAD_REQUEST, "the body is longer than " + LONGEST + " bytes");
        }
        var client = (Client) Objects.requireNonNull(request.getAttribute(ClientsOnly.CLIENT));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(asking.of(door.protocol(), body, door.decisionsFor(client)));
    }

    private static boolean isJson(HttpServletRequest request) {
        try {
            var type = request.getContentType();
            return type != null && MediaType.APPLICATION_JSON.equalsTypeAndSubtype(MediaType.parseMediaType(type));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }

    @ExceptionHandler
    ResponseEntity<byte[]> bad(BadQuestion trouble) {
        return said(HttpStatus.BAD_REQUEST, String.valueOf(trouble.getMessage()));
    }

    /** Nothing was decided: where the trail or the ledger fails, nobody is told yes. */
    @ExceptionHandler
    ResponseEntity<byte[]> failed(RuntimeException trouble) {
        LOG.error("A decision failed: {}", trouble.getClass().getName());
        return said(HttpStatus.INTERNAL_SERVER_ERROR, "nothing was decided");
    }

    private static ResponseEntity<byte[]> said(HttpStatus status, String what) {
        return ResponseEntity.status(status).contentType(MediaType.TEXT_PLAIN).body(what.getBytes(UTF_8));
    }
}
