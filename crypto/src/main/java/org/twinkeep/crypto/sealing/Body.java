package org.twinkeep.crypto.sealing;

/**
 * What an event says about health: {@code about} (a small JSON object: source, id, how it came) and {@code content} (the
 * source's own JSON tree, as received). The content tag covers {@code content} alone. It stays silent.
 *
 * @param revision of the body's own form, upcast by a pure function after opening
 */
@SuppressWarnings("ArrayRecordComponent")
public record Body(int revision, byte[] about, byte[] content) {
    @Override
    public String toString() {
        return "Body";
    }
}
