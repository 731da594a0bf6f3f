/** The story that the demo tells: invented people, and what happened between them. */
@NullMarked
package org.twinkeep.portal.demo;

import org.jspecify.annotations.NullMarked;
