/** Who may act for a patient: by what authority, with which powers, from when until when; pure rules. */
@NullMarked
package org.twinkeep.consent.delegation;

import org.jspecify.annotations.NullMarked;
