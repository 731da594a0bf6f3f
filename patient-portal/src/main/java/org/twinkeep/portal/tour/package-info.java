/** The whole path in a temporary folder, each step with its figure: what an operator runs to see that the promises hold here. */
@NullMarked
package org.twinkeep.portal.tour;

import org.jspecify.annotations.NullMarked;
