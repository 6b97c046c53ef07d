/** Asks to sign in again over the page, which keeps its screens and forms meanwhile. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Divider, Modal, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { providerPath, type SignInMethods, signInMethods } from '@/lib/auth'
import { continueSession } from '@/lib/sessionEnd'
import { Problems } from '@/ui/Problems'
import { PasswordForm } from './PasswordForm'
import { signedInUser } from './signedInUser'

interface Props {
  /** The name of the user whose session ended. */
  user: string
  onLeave: () => void
}

export default function SignInAgain({ user, onLeave }: Props) {
  const [methods, setMethods] = useState<SignInMethods | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    void signInMethods().then(setMethods)
  }, [])
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') void signedInUser().then((name) => go(name, user))
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [user])
  return (
    <Modal
      opened
      onClose={() => {}}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t`Your session has ended`}
      size={400}
      zIndex={1000}
    >
      <Stack>
        <Text size="sm">
          {t`Sign in again to continue. What you entered on this page is kept.`}
        </Text>
        <Problems of={problem ? [problem] : []} />
        {methods?.provider && <ProviderLink name={methods.provider.name} />}
        {methods?.provider && methods.password && <Divider label={t`or with a password`} />}
        {methods?.password && (
          <PasswordForm
            email={user}
            isSecondary={methods.provider !== null}
            onProblem={setProblem}
            onSignedIn={(email) => go(email, user)}
          />
        )}
        <Button variant="subtle" onClick={onLeave}>
          {t`Leave this page`}
        </Button>
      </Stack>
    </Modal>
  )
}

/** In a new tab, since the provider has a page of its own; this page continues on return. */
function ProviderLink({ name }: { name: string }) {
  return (
    <Button component="a" href={providerPath(undefined)} target="_blank" fullWidth>
      <Trans>Sign in with {name} in a new tab</Trans>
    </Button>
  )
}

/** Another user must not see the data that this page has loaded. */
function go(name: string | null, user: string): void {
  if (name === null) return
  if (name.toLowerCase() === user.toLowerCase()) continueSession()
  else window.location.reload()
}
