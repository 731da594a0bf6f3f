/** Words that every room shares: whose twin, which chapter, what is secret. */
@NullMarked
package org.twinkeep.crypto;

import org.jspecify.annotations.NullMarked;
