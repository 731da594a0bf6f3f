/** The embedded store: events, key rows and the index of identities in SQLite. */
@NullMarked
package org.twinkeep.twin.sqlite;

import org.jspecify.annotations.NullMarked;
