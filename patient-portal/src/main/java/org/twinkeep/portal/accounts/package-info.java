/** Who may sign in, what for, and the seed that only the patient's own secrets open. */
@NullMarked
package org.twinkeep.portal.accounts;

import org.jspecify.annotations.NullMarked;
