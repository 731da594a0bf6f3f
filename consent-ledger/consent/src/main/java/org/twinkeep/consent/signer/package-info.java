/** An organisation's key apart from the house: the signer's door, and the house's way to it. */
@NullMarked
package org.twinkeep.consent.signer;

import org.jspecify.annotations.NullMarked;
