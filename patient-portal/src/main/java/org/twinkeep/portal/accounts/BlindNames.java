package org.twinkeep.portal.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.text.Normalizer;
import java.util.Locale;
import org.twinkeep.consent.ConsentHandle;
import org.twinkeep.crypto.Hmac;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.TwinId;

/**
 * What rows are found by: HMAC-SHA-256 over a label and a value under a house key, so that the file names nobody. The
 * labels keep a sign-in name and an address of the same letters apart.
 */
final class BlindNames implements AutoCloseable {

    private final Secret key;

    /** @param key becomes its own, to close */
    BlindNames(Secret key) {
        this.key = key;
    }

    /** Names that people take for the same are the same. */
    static String normal(String signIn) {
        return Normalizer.normalize(signIn, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
    }

    byte[] signIn(String name) {
        return of("name", normal(name));
    }

    byte[] twin(TwinId twin) {
        return of("twin", twin.toString());
    }

    byte[] address(String remote) {
        return of("address", remote);
    }

    byte[] consent(ConsentHandle handle) {
        return of("consent", handle.value());
    }

    byte[] grantee(AccountId account) {
        return of("grantee", account.toString());
    }

    /** Of somebody who looks for a patient in an emergency. */
    byte[] finder(AccountId account) {
        return of("finder", account.toString());
    }

    /** Of somebody who is signed in and proves the password once more. */
    byte[] present(AccountId account) {
        return of("present", account.toString());
    }

    private byte[] of(String label, String value) {
        return Hmac.sha256(key, (label + "\0").getBytes(UTF_8), value.getBytes(UTF_8));
    }

    @Override
    public void close() {
        key.close();
    }
}
