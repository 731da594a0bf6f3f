/** The way in and out: first page, signing in, setting up an account, recovering one. */
@NullMarked
package org.twinkeep.portal.web.entrance;

import org.jspecify.annotations.NullMarked;
