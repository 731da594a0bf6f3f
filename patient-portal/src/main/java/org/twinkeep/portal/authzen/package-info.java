/** OpenID AuthZEN Authorization API 1.0: others ask what the doors here would answer. */
@org.jspecify.annotations.NullMarked
package org.twinkeep.portal.authzen;
