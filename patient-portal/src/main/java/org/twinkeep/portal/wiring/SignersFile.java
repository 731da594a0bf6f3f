package org.twinkeep.portal.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.twinkeep.consent.ledger.Charter;
import org.twinkeep.consent.signer.SignerAccess;
import org.twinkeep.crypto.Secret;
import org.twinkeep.crypto.sign.VerifyingKey;

/**
 * How the signers of organisations are reached that keep their own keys: a file of properties that {@code
 * twinkeep.signers.file} (or {@code TWINKEEP_SIGNERS_FILE}) names, as {@code twinkeep signer} prints its lines. Which
 * organisations sign elsewhere is chosen when a house is made, or by {@link SignerMigration} later; {@code house.json} says it
 * with their addresses.
 */
final class SignersFile {
    /** The custodian keeps the house and signs its erasures and backups, too. */
    private static final List<String> MAY = List.of(Charter.PROVIDER, Charter.OVERSIGHT);

    private SignersFile() {}

    /** By organisation; none where nothing was named. @throws HouseRefused when the file cannot be read or lacks something */
    static Map<String, SignerAccess> chosen() {
        return EventStore.setting("twinkeep.signers.file", "TWINKEEP_SIGNERS_FILE")
                .map(file -> read(Path.of(file)))
                .orElse(Map.of());
    }

    /** The address of each signer, by organisation. */
    static SortedMap<String, String> addresses(Map<String, SignerAccess> chosen) {
        var addresses = new TreeMap<String, String>();
        chosen.forEach((name, access) -> addresses.put(name, access.address().toString()));
        return addresses;
    }

    /** @throws HouseRefused when other organisations sign elsewhere than the house's: moving a key is an act of its own */
    static void refuseOther(HouseFile paper, Map<String, SignerAccess> chosen) {
        if (paper.unfinished()) {
            return;
        }
        for (var name : MAY) {
            if (paper.signers().containsKey(name) && !chosen.containsKey(name)) {
                throw new HouseRefused(
                        "In this house " + name + " has its key with its own signer, and nothing says how to"
                                + " reach it: put what \"twinkeep signer\" prints there into a file, and its name into"
                                + " TWINKEEP_SIGNERS_FILE.");
            }
            if (!paper.signers().containsKey(name) && chosen.containsKey(name)) {
                throw new HouseRefused("The key of " + name + " lies in this house: leave " + name
                        + " out of TWINKEEP_SIGNERS_FILE, or hand over to its signer (twinkeep migrate --signer " + name
                        + ").");
            }
        }
    }

    private static Map<String, SignerAccess> read(Path file) {
        var all = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            all.load(in);
        } catch (IOException | IllegalArgumentException e) {
            throw new HouseRefused("The file that says how signers are reached cannot be read.", e);
        }
        var signers = new TreeMap<String, SignerAccess>();
        for (var property : all.stringPropertyNames()) {
            var name = organisation(property);
            signers.computeIfAbsent(name, _ -> access(all, name.toLowerCase(Locale.ROOT)));
        }
        return signers;
    }

    private static String organisation(String property) {
        for (var name : MAY) {
            if (property.startsWith(name.toLowerCase(Locale.ROOT) + ".")) {
                return name;
            }
        }
        throw new HouseRefused(
                "The file that says how signers are reached has lines of oversight and provider only; the"
                        + " custodian's key lies in its house.");
    }

    private static SignerAccess access(Properties all, String name) {
        try {
            var secret = HexFormat.of().parseHex(required(all, name + ".secret"));
            if (secret.length < 32) {
                throw new IllegalArgumentException("short");
            }
            return new SignerAccess(
                    URI.create(required(all, name + ".address")),
                    new VerifyingKey(HexFormat.of().parseHex(required(all, name + ".key"))),
                    Secret.taking(secret));
        } catch (IllegalArgumentException e) {
            throw new HouseRefused("The file that says how signers are reached is wrong about " + name
                    + ": it needs the three lines that \"twinkeep signer\" prints.");
        }
    }

    private static String required(Properties all, String name) {
        var value = all.getProperty(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("missing");
        }
        return value.strip();
    }
}
