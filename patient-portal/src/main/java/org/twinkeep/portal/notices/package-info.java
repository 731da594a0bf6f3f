/** What the house tells its people: notices that wait sealed until they are read, and the clock that some come from. */
@NullMarked
package org.twinkeep.portal.notices;

import org.jspecify.annotations.NullMarked;
