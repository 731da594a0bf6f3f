package org.twinkeep.portal.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Objects;
import org.twinkeep.consent.ledger.LedgerRefused;
import org.twinkeep.consent.ledger.LedgerUnavailable;
import org.twinkeep.consent.trail.TrailUnwritable;
import org.twinkeep.crypto.Tampered;
import org.twinkeep.crypto.keys.TwinForgotten;
import org.twinkeep.crypto.keys.VaultUnavailable;
import org.twinkeep.portal.accounts.AccountRefused;
import org.twinkeep.portal.tables.TablesUnavailable;
import org.twinkeep.portal.wiring.HouseRefused;
import org.twinkeep.twin.StoreUnavailable;
import org.twinkeep.twin.TwinRefused;

/** Turns what went wrong into words for people, once. What was not foreseen is not quoted: it might hold a value. */
final class Trouble {
    private Trouble() {}

    static String inWords(Throwable trouble) {
        return switch (trouble) {
            case HouseRefused _,
                    WrongUse _,
                    VaultUnavailable _,
                    LedgerUnavailable _,
                    LedgerRefused _,
                    StoreUnavailable _,
                    TrailUnwritable _,
                    TwinRefused _,
                    AccountRefused _,
                    TablesUnavailable _,
                    TwinForgotten _ -> Objects.requireNonNull(trouble.getMessage());
            case Tampered t ->
                "Something in the data folder was changed or damaged (" + t.getMessage() + "). Run: twinkeep verify";
            case FileSystemException f ->
                f.getFile() + " cannot be read or written: check that it exists, its permissions and the free space.";
            case IOException _ -> "A file could not be read or written: check permissions and free space.";
            default ->
                "Something happened that Twinkeep did not foresee ("
                        + trouble.getClass().getSimpleName() + "). Run it again with --debug to see where.";
        };
    }
}
