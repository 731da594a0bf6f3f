/** Deleting: an entry with what repeats it, or the whole twin; and the receipts. */
@NullMarked
package org.twinkeep.portal.web.erasing;

import org.jspecify.annotations.NullMarked;
