/** The append-only log of every verdict and every disclosure: RFC 6962 tree in C2SP tiles. */
@NullMarked
package org.twinkeep.consent.trail;

import org.jspecify.annotations.NullMarked;
