/** The sign-in form. It returns to the requested page afterwards. */
import {
  Button,
  Center,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useState } from 'react'
import { signIn } from '@/lib/auth'
import { Problems } from '@/ui/FormDialog'
import { Logo } from '@/ui/Logo'

export function SignInPage({ onSignedIn }: { onSignedIn: () => void }) {
  const [problem, setProblem] = useState<string | null>(null)
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: isNotEmpty('Enter your e-mail address'),
      password: isNotEmpty('Enter your password'),
    },
  })

  async function submit(values: { email: string; password: string }) {
    setProblem(null)
    const outcome = await signIn(values.email.trim(), values.password)
    if (outcome.ok) return onSignedIn()
    setProblem(outcome.message)
    form.setFieldValue('password', '')
    form.getInputNode('password')?.focus()
  }

  return (
    <Center component="main" mih="100dvh" p="md">
      <title>Sign in · Tenure</title>
      <Paper p="xl" w="100%" maw={380} shadow="sm">
        <Group gap="xs" mb={4}>
          <Logo size={28} />
          <Title order={1}>Tenure</Title>
        </Group>
        <Text c="dimmed" size="sm" mb="lg">
          Sign in to Tenure
        </Text>
        <form onSubmit={form.onSubmit(submit)} noValidate>
          <Stack>
            <Problems of={problem ? [problem] : []} />
            <TextInput
              label="E-mail"
              type="email"
              autoComplete="username"
              required
              withAsterisk={false}
              data-autofocus
              autoFocus
              {...form.getInputProps('email')}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
              {...form.getInputProps('password')}
            />
            <Button type="submit" loading={form.submitting} fullWidth>
              Sign in
            </Button>
          </Stack>
        </form>
      </Paper>
    </Center>
  )
}
