package org.twinkeep.portal.sessions;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputFilter;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.session.MapSession;
import org.springframework.session.SessionIdGenerator;
import org.twinkeep.crypto.KeyAccess;
import org.twinkeep.crypto.Secret;

/**
 * A session as bytes, which are sealed before they leave this package and opened before they come back to it. Java's own
 * serialization, because Spring's parts of a session offer no other; it makes objects of the listed classes only.
 */
final class SessionForm {

    private static final ObjectInputFilter KNOWN = ObjectInputFilter.Config.createFilter(
            "maxdepth=30;maxbytes=1048576;maxarray=65536;maxrefs=65536;org.twinkeep.crypto.Secret;org.twinkeep.portal.**;org.twinkeep.consent.*;org.springframework.security.**;"
                    + "org.springframework.web.servlet.FlashMap;org.springframework.util.**;java.lang.*;java.util.*;"
                    + "java.util.concurrent.*;java.util.concurrent.locks.*;java.time.*;!*");

    private SessionForm() {}

    /** A secret's bytes, between two secrets. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Revealed(byte[] bytes) implements Serializable {}

    private record Written(Map<String, Object> attributes, Instant created, Instant accessed, Duration interval)
            implements Serializable {}

    static byte[] write(SharedSession session) {
        var attributes = new HashMap<String, Object>();
        session.getAttributeNames().forEach(name -> attributes.put(name, session.getAttribute(name)));
        var bytes = new ByteArrayOutputStream();
        try (var out = new Writing(bytes)) {
            out.writeObject(new Written(
                    attributes,
                    session.getCreationTime(),
                    session.getLastAccessedTime(),
                    session.getMaxInactiveInterval()));
        } catch (IOException e) {
            throw new UncheckedIOException("A session holds what cannot be shared between servers.", e);
        }
        return bytes.toByteArray();
    }

    /** Nothing where another version of this program wrote it otherwise: it is over. */
    static Optional<MapSession> read(String id, SessionIdGenerator ids, byte[] bytes) {
        try (var in = new Reading(new ByteArrayInputStream(bytes))) {
            in.setObjectInputFilter(KNOWN);
            var written = (Written) in.readObject();
            var session = new MapSession(ids);
            session.setId(id);
            session.setCreationTime(written.created());
            session.setLastAccessedTime(written.accessed());
            session.setMaxInactiveInterval(written.interval());
            written.attributes().forEach(session::setAttribute);
            return Optional.of(session);
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static final class Writing extends ObjectOutputStream {
        Writing(OutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            return object instanceof Secret secret
                    ? secret.reveal(KeyAccess.TO_WRAP, bytes -> new Revealed(bytes.clone()))
                    : object;
        }
    }

    private static final class Reading extends ObjectInputStream {
        Reading(InputStream in) throws IOException {
            super(in);
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            return object instanceof Revealed(byte[] bytes) ? Secret.taking(bytes) : object;
        }
    }
}
