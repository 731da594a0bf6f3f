/** The only application: pages, wiring, command line. */
@NullMarked
package org.twinkeep.portal;

import org.jspecify.annotations.NullMarked;
