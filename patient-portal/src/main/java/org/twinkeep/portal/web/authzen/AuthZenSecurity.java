package org.twinkeep.portal.web.authzen;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;

/** Programs have no session and no forms: they prove who they are with each request. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("twinkeep.authzen")
class AuthZenSecurity {

    @Bean
    @Order(0)
    SecurityFilterChain programs(HttpSecurity http, AuthZenDoor door) throws Exception {
        return http.securityMatcher("/access/v1/**", ClientsOnly.WELL_KNOWN)
                .authorizeHttpRequests(may -> may.anyRequest().permitAll())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .csrf(AbstractHttpConfigurer::disable)
                .addFilterBefore(new ClientsOnly(door.accounts().clients()), AuthorizationFilter.class)
                .build();
    }
}
