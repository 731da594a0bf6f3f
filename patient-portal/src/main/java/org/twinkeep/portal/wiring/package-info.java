/** Opens a data folder and calls the constructors of every room, in one place. */
@NullMarked
package org.twinkeep.portal.wiring;

import org.jspecify.annotations.NullMarked;
