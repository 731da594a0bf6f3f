/** Looks after a data folder: is every file as it was written, and is the machine fit to keep it? */
@NullMarked
package org.twinkeep.portal.checks;

import org.jspecify.annotations.NullMarked;
