package org.twinkeep.portal.web.authzen;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.twinkeep.portal.accounts.Clients;
import org.twinkeep.portal.accounts.Clients.Proof;

/**
 * Lets in programs that prove who they are by HTTP Basic (RFC 7617), with their id and secret; and gives every request its
 * {@code X-Request-ID} back. What anybody may read is where to ask.
 */
final class ClientsOnly extends OncePerRequestFilter {
    static final String CLIENT = ClientsOnly.class.getName();
    static final String WELL_KNOWN = "/.well-known/authzen-configuration";
    private static final String REQUEST_ID = "X-Request-ID";
    private static final String BASIC = "Basic ";
    private static final int TOO_MANY = 429;

    private final Clients clients;

    ClientsOnly(Clients clients) {
        this.clients = clients;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain rest)
            throws ServletException, IOException {
        var id = request.getHeader(REQUEST_ID);
        if (id != null) {
            response.setHeader(REQUEST_ID, id);
        }
        if (request.getRequestURI().equals(WELL_KNOWN)) {
            rest.doFilter(request, response);
            return;
        }
        switch (proof(request)) {
            case Proof.Proven(var client) -> {
                request.setAttribute(CLIENT, client);
                rest.doFilter(request, response);
            }
            case Proof.Wrong _ -> {
                response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"twinkeep\", charset=\"UTF-8\"");
                say(response, HttpServletResponse.SC_UNAUTHORIZED, "the client is not known, or its secret is wrong");
            }
            case Proof.TooMany _ -> say(response, TOO_MANY, "too many wrong secrets: wait");
        }
    }

    private Proof proof(HttpServletRequest request) {
        var said = credentials(request.getHeader(HttpHeaders.AUTHORIZATION));
        int colon = said == null ? -1 : said.indexOf(':');
        return said == null || colon < 0
                ? new Proof.Wrong()
                : clients.prove(said.substring(0, colon), said.substring(colon + 1), request.getRemoteAddr());
    }

    private static @Nullable String credentials(@Nullable String header) {
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            return new String(
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip()), UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static void say(HttpServletResponse response, int status, String what) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.getOutputStream().write(what.getBytes(UTF_8));
    }
}
