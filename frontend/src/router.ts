import { createRouter } from '@tanstack/react-router'
import { Crashed } from './app/Crashed'
import { NotFoundPage } from './app/NotFoundPage'
import { routeTree } from './routeTree.gen'

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFoundPage,
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Signs in, then comes back to where this was asked. */
export function goToSignIn(): void {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in') return
  void router.navigate({ to: '/sign-in', search: { from: href }, replace: true })
}
