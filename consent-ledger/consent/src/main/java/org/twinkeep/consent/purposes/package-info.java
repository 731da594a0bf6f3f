/** The catalogue of purposes: every code that somebody may look for, in plain words. */
@NullMarked
package org.twinkeep.consent.purposes;

import org.jspecify.annotations.NullMarked;
