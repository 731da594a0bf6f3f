package org.twinkeep.crypto;

import java.sql.Connection;

/** Wrong on purpose: the root of crypto speaks SQL. */
public final class CryptoThatKnowsSql {
    Connection connection;
}
