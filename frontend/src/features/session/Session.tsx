/** Loads the signed-in user and the business clock before any screen is shown. */
import { Center, Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { useQuery } from 'urql'
import { BusinessProvider } from '@/lib/business'
import { codeOf } from '@/lib/failure'
import { LoadError } from '@/ui/States'
import { SessionDocument } from './operations.generated'

export function Session({ children }: { children: ReactNode }) {
  const [{ data, error }, refetch] = useQuery({ query: SessionDocument })
  if (data) {
    const session = { viewer: data.viewer, clock: data.clock, timeZone: data.settings.timeZone }
    return <BusinessProvider session={session}>{children}</BusinessProvider>
  }
  if (error && codeOf(error) !== 'UNAUTHENTICATED') {
    return <LoadError error={error} retry={() => refetch({ requestPolicy: 'network-only' })} />
  }
  return (
    <Center component="main" h="100dvh">
      <title>Tenure</title>
      <Loader aria-label="Loading" />
    </Center>
  )
}
