/** Sign-in by password or through the company. It returns to the requested page afterwards. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Center, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { Logo } from '@/ui/Logo'
import { Problems } from '@/ui/Problems'
import { PasswordForm } from './PasswordForm'

interface Props {
  byPassword: boolean
  /** The company's provider, and where a sign-in through it begins. */
  provider: { name: string; path: string } | null
  /** Why the last sign-in through the provider was refused. */
  reason: string | null
  onSignedIn: () => void
}

export function SignInPage({ byPassword, provider, reason, onSignedIn }: Props) {
  const [problem, setProblem] = useState(reason)
  return (
    <Center component="main" mih="100dvh" p="md">
      <title>{t`Sign in · Tenure`}</title>
      <Paper p="xl" w="100%" maw={380} shadow="sm">
        <Group gap="xs" mb={4}>
          <Logo size={28} />
          <Title order={1}>Tenure</Title>
        </Group>
        <Text c="dimmed" size="sm" mb="lg">
          {t`Sign in to Tenure`}
        </Text>
        <Stack>
          <Problems of={problem ? [problem] : []} />
          {provider && (
            <Button component="a" href={provider.path} fullWidth>
              <Trans>Sign in with {provider.name}</Trans>
            </Button>
          )}
          {provider && byPassword && <Divider label={t`or with a password`} />}
          {byPassword && (
            <PasswordForm
              isSecondary={provider !== null}
              onProblem={setProblem}
              onSignedIn={onSignedIn}
            />
          )}
        </Stack>
      </Paper>
    </Center>
  )
}
