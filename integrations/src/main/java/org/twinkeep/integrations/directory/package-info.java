/** The shared directory of organisations and practitioners, from bundles without a patient. */
@NullMarked
package org.twinkeep.integrations.directory;

import org.jspecify.annotations.NullMarked;
