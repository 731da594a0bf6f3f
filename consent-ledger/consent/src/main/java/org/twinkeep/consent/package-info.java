/** The life of a consent and the policy that decides by it; pure. */
@NullMarked
package org.twinkeep.consent;

import org.jspecify.annotations.NullMarked;
