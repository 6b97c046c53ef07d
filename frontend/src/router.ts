import { createRouter } from '@tanstack/react-router'
import { Crashed } from './app/Crashed'
import { makeClient } from './lib/client'
import { routeTree } from './routeTree.gen'

export const client = makeClient()

export const router = createRouter({
  routeTree,
  context: { client },
  defaultPreload: 'intent',
  defaultErrorComponent: Crashed,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
