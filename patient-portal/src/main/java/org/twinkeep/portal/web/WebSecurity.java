package org.twinkeep.portal.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.springframework.security.web.csrf.MissingCsrfTokenException;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.util.WebUtils;
import org.twinkeep.consent.Consents;
import org.twinkeep.consent.trail.Trail;
import org.twinkeep.portal.accounts.Accounts;
import org.twinkeep.portal.delegates.Delegates;

/** Who may open which page, and the headers of every answer. What no line allows is refused. */
@Configuration(proxyBeanMethods = false)
class WebSecurity implements WebMvcConfigurer {
    /** Nothing but our own style sheets and pictures; no code runs in a page, inline or other. */
    static final String CONTENT_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self';"
            + " form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private final CsrfTokenRepository tokens = new HttpSessionCsrfTokenRepository();
    private final HttpSessionSecurityContextRepository contexts = new HttpSessionSecurityContextRepository();

    @Bean
    Entering entering(Consents consents) {
        return new Entering(contexts, tokens, consents);
    }

    @Bean
    SecurityFilterChain pages(HttpSecurity http, Accounts accounts, Delegates delegates, Trail trail, Consents consents)
            throws Exception {
        return http.authorizeHttpRequests(may -> may.dispatcherTypeMatchers(
                                DispatcherType.ERROR, DispatcherType.FORWARD)
                        .permitAll()
                        .requestMatchers("/", "/sign-in", "/recover", "/set-up/*", "/purposes", "/assets/**", "/error")
                        .permitAll()
                        .requestMatchers("/timeline/**", "/entries/**", "/consents/**", "/lookers/**", "/download")
                        .hasAuthority(Room.PATIENT.name())
                        .requestMatchers("/emergencies/**", "/requests/**", "/research")
                        .hasAuthority(Room.PATIENT.name())
                        .requestMatchers("/receipts/**", "/deleted", "/deleted/**", "/delete-twin")
                        .hasAuthority(Room.PATIENT.name())
                        .requestMatchers("/delegates/**", "/people/**")
                        .hasAuthority(Room.PATIENT.name())
                        .requestMatchers("/matters/appoint", "/matters/death")
                        .hasAuthority(Room.OPERATOR.name())
                        .requestMatchers("/matters/**")
                        .hasAnyAuthority(Room.CLINICIAN.name(), Room.AUDITOR.name(), Room.OPERATOR.name())
                        .requestMatchers("/receipt/**")
                        .hasAuthority(Room.FORMER_PATIENT.name())
                        .requestMatchers("/emergency/**")
                        .hasAuthority(Room.CLINICIAN.name())
                        .requestMatchers("/patients/**")
                        .hasAnyAuthority(Room.CLINICIAN.name(), Room.INSURER.name())
                        .requestMatchers("/asked/**")
                        .hasAnyAuthority(Room.CLINICIAN.name(), Room.INSURER.name(), Room.RESEARCHER.name())
                        .requestMatchers("/trail/**", "/reviews/**")
                        .hasAuthority(Room.AUDITOR.name())
                        .requestMatchers("/status")
                        .hasAuthority(Room.OPERATOR.name())
                        .requestMatchers("/account/**", "/notices/**")
                        .hasAnyAuthority(
                                Room.PATIENT.name(),
                                Room.CLINICIAN.name(),
                                Room.INSURER.name(),
                                Room.RESEARCHER.name(),
                                Room.AUDITOR.name(),
                                Room.OPERATOR.name())
                        .anyRequest()
                        .denyAll())
                .securityContext(context -> context.securityContextRepository(contexts))
                .csrf(csrf -> csrf.csrfTokenRepository(tokens))
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .addFilterBefore(new SessionGuard(accounts), AuthorizationFilter.class)
                .addFilterAfter(new ActingGuard(delegates, trail, consents), SessionGuard.class)
                .logout(out -> out.logoutUrl("/sign-out").logoutSuccessUrl("/sign-in?out"))
                .exceptionHandling(trouble -> trouble.authenticationEntryPoint(
                                new LoginUrlAuthenticationEntryPoint("/sign-in"))
                        .accessDeniedHandler((request, response, denied) -> {
                            if (denied instanceof MissingCsrfTokenException && WebUtils.getSessionId(request) == null) {
                                response.sendRedirect("/sign-in?ended");
                            } else {
                                new AccessDeniedHandlerImpl().handle(request, response, denied);
                            }
                        }))
                .headers(headers -> headers.contentSecurityPolicy(policy -> policy.policyDirectives(CONTENT_POLICY))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                        .crossOriginResourcePolicy(resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                        .permissionsPolicyHeader(permissions -> permissions.policy(
                                "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()")))
                .build();
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new HandlerMethodArgumentResolver() {
            @Override
            public boolean supportsParameter(MethodParameter parameter) {
                return parameter.getParameterType().equals(Asker.class);
            }

            @Override
            public Object resolveArgument(
                    MethodParameter parameter,
                    @Nullable ModelAndViewContainer model,
                    NativeWebRequest request,
                    @Nullable WebDataBinderFactory binders) {
                return Asker.of(Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)))
                        .orElseThrow(SessionOver::new);
            }
        });
    }
}
