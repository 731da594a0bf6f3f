/** The account's own page: password, recovery code, time zone. */
@NullMarked
package org.twinkeep.portal.web.account;

import org.jspecify.annotations.NullMarked;
