/** What people are told of consents that end by the clock. */
@NullMarked
package org.twinkeep.portal.endings;

import org.jspecify.annotations.NullMarked;
