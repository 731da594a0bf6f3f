/** The receipt of a consent that its patient takes along. */
@NullMarked
package org.twinkeep.consent.receipt;

import org.jspecify.annotations.NullMarked;
