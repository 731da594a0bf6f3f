/** The one door to what a twin says: verdict, leaf, receipt, keys, disclosure, answer. */
@NullMarked
package org.twinkeep.projections.reading;

import org.jspecify.annotations.NullMarked;
