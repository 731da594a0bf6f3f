/** The tables in which the portal keeps accounts and what belongs to them: one file, or a database that servers share. */
@NullMarked
package org.twinkeep.portal.tables;

import org.jspecify.annotations.NullMarked;
