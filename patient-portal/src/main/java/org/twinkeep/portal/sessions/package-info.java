/** The sessions of signed-in people where several servers answer them. */
@NullMarked
package org.twinkeep.portal.sessions;

import org.jspecify.annotations.NullMarked;
