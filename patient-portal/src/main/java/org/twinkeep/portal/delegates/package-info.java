/** Those who act for patients: what the rules of {@code consent.delegation} say, kept and asked in this house. */
@NullMarked
package org.twinkeep.portal.delegates;

import org.jspecify.annotations.NullMarked;
