/** The command line: each command turns its arguments into calls of the house and the answers into words or JSON. */
@NullMarked
package org.twinkeep.portal.cli;

import org.jspecify.annotations.NullMarked;
